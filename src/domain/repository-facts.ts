/** What of a repository's tree compliance rules ask for: paths, null or empty where there is none. */
export interface TreeFacts {
  readonly licence: string | null;
  /** How weaknesses and incidents are reported. */
  readonly securityPolicy: string | null;
  readonly owners: string | null;
  readonly privacyNotice: string | null;
  /** What personal data is processed, for what, and how long it is kept. */
  readonly dataInventory: string | null;
  readonly incidentPlan: string | null;
  readonly changelog: string | null;
  readonly continuousIntegration: readonly string[];
  readonly tests: number;
  readonly lockFile: string | null;
  readonly manifest: string | null;
  /** Files that by their name hold keys or passwords. */
  readonly secretFiles: readonly string[];
}

const LICENCE = /^(?:licen[cs]e|copying|unlicense)(?:[.-][^/]*)?$/i;
const SECURITY_POLICY = /^(?:\.github\/|docs\/)?security(?:[-_]policy)?\.(?:md|txt|rst|adoc)$/i;
const OWNERS = /^(?:\.github\/|docs\/|\.gitlab\/)?CODEOWNERS$/;
const PRIVACY = /^(?:docs\/(?:.*\/)?)?privacy(?:[-_](?:notice|policy))?\.(?:md|txt|rst|adoc|html)$/i;
const INVENTORY =
  /^(?:docs\/(?:.*\/)?)?(?:data[-_](?:inventory|map|processing)|records?[-_]of[-_]processing|ropa)\.(?:md|txt|rst|adoc|ya?ml|csv)$/i;
const INCIDENTS =
  /^(?:docs\/(?:.*\/)?)?(?:incident|breach)[-_](?:response|notification|plan|runbook)\.(?:md|txt|rst|adoc)$/i;
const CHANGELOG = /^(?:change(?:s|log)|history|release[-_]?notes)(?:\.[^/]*)?$/i;
const CI =
  /^(?:\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.yml|azure-pipelines\.yml|Jenkinsfile|\.circleci\/config\.yml|bitbucket-pipelines\.yml)$/;
const LOCK_FILE =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|poetry\.lock|uv\.lock|Pipfile\.lock|Cargo\.lock|go\.sum|Gemfile\.lock|composer\.lock)$/;
const MANIFEST =
  /^(?:package\.json|pyproject\.toml|requirements\.txt|Pipfile|Cargo\.toml|go\.mod|Gemfile|composer\.json|pom\.xml|build\.gradle(?:\.kts)?)$/;
const SECRET_FILE =
  /(?:^|\/)(?:\.env(?:\.[^/]*)?|[^/]*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk)|id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|\.pgpass|\.htpasswd|credentials\.json|service[-_]account[^/]*\.json|secrets?\.(?:json|ya?ml|toml|ini))$/i;
/** What shows how a secret file looks, without secrets, and public keys. */
const NO_SECRET = /(?:example|sample|template|dist|default|schema|public|\.pub)/i;

/** Which paths of a tree are what compliance rules ask for. */
export function describeTree(paths: readonly string[], isTest: (path: string) => boolean): TreeFacts {
  const first = (pattern: RegExp): string | null => paths.find((path) => pattern.test(path)) ?? null;
  const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  return {
    licence: first(LICENCE),
    securityPolicy: first(SECURITY_POLICY),
    owners: first(OWNERS),
    privacyNotice: first(PRIVACY),
    dataInventory: first(INVENTORY),
    incidentPlan: first(INCIDENTS),
    changelog: first(CHANGELOG),
    continuousIntegration: paths.filter((path) => CI.test(path)),
    tests: paths.filter(isTest).length,
    lockFile: first(LOCK_FILE),
    manifest: first(MANIFEST),
    secretFiles: paths.filter(
      (path) => SECRET_FILE.test(path) && !NO_SECRET.test(baseName(path)) && !isTest(path) && !isForeign(path),
    ),
  };
}

const FOREIGN = /(?:^|\/)(?:node_modules|vendor|third_party|dist|build|coverage|\.git)\/|\.min\.js$/;

/** Whether a file is of others, or made by a tool: what it holds says nothing of the repository. */
export const isForeign = (path: string): boolean => FOREIGN.test(path);

/** A line of a file that a search gave. */
export interface FoundLine {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

const CONFIGURATION = /(?:\.(?:ya?ml|toml|ini|properties|conf|cfg|tf)|(?:^|\/)\.env[^/]*|(?:^|\/)Dockerfile[^/]*)$/;
/** Addresses that only name something, or lead nowhere but to this machine. */
const NO_CONNECTION =
  /^\w+:\/\/(?:localhost|127\.|0\.0\.0\.0|\[::1\]|\$\{?\w+|[\w.-]*\.?(?:w3\.org|example\.(?:com|org|net)|json-schema\.org|schemas?\.[\w.-]+|xmlsoap\.org|apache\.org)(?![\w-]))/i;
const ADDRESS = /\b(?:http|ftp|ldap|amqp|mqtt|redis|mongodb|smtp|ws):\/\/[^\s'"`<>)]+/g;

/** Whether a line of a configuration connects to another machine without encryption. */
export function connectsPlainly({ path, text }: FoundLine): boolean {
  if (!CONFIGURATION.test(path) || /^\s*(?:#|\/\/|;)/.test(text)) return false;
  return (text.match(ADDRESS) ?? []).some((address) => !NO_CONNECTION.test(address));
}

const LOG_CALL =
  /\b(?:console\.(?:log|info|warn|error|debug)|log(?:ger|ging)?\.(?:trace|debug|info|warn|warning|error|fatal|critical)|print(?:ln|f)?)\s*\((.*)$/i;
const SENSITIVE =
  /\b\w*(?:passw(?:or)?d|passphrase|secret|apikey|api_key|access_?token|auth_?token|credit_?card|card_?number|ssn|social_?security|date_?of_?birth|medical_?record|diagnosis)\w*\b/i;

/** Whether a line of code writes a password, a key or personal data into a log: by the name of what it hands over. */
export function logsSensitiveData({ text }: FoundLine): boolean {
  const handedOver = LOG_CALL.exec(text)?.[1];
  if (handedOver === undefined) return false;
  return SENSITIVE.test(withoutTexts(handedOver));
}

/** Code without what stands in quotes; what a template or an f-string fills in stays. */
const withoutTexts = (code: string): string =>
  code
    .replace(/\bf(['"])(.*?)\1/g, (_, _quote, text: string) => filledIn(text, /\{([^}]*)\}/g))
    .replace(/`([^`]*)`/g, (_, text: string) => filledIn(text, /\$\{([^}]*)\}/g))
    .replace(/(['"])(?:\\.|(?!\1).)*\1/g, ' ')
    .replace(/(?:\/\/|#).*$/, ' ');

const filledIn = (text: string, hole: RegExp): string => [...text.matchAll(hole)].map(([, code]) => code).join(' ');

const LOGGERS =
  /^(?:pino|winston|bunyan|log4js|loglevel|roarr|consola|structlog|loguru|@nestjs\/common|@opentelemetry\/api-logs)$/;

/** The library that writes structured logs, of a package's dependencies; null where it has none. */
export const findLogger = (dependencies: readonly string[]): string | null =>
  dependencies.find((name) => LOGGERS.test(name)) ?? null;

const COPYLEFT = /(?<![L\w])(?:A?GPL|SSPL|EUPL|OSL|CC-BY-(?:SA|NC)|BUSL)\b/i;

/** What a dependency's licence means: an expression of SPDX, of whose choices (`OR`) one free one is enough. */
export function judgeLicence(licence: string | null): 'permissive' | 'copyleft' | 'unknown' {
  if (licence === null || /^(?:|UNLICENSED|UNKNOWN|NOASSERTION|SEE LICEN[CS]E.*)$/i.test(licence.trim()))
    return 'unknown';
  const choices = licence.split(/\s+OR\s+/i);
  return choices.every((choice) => COPYLEFT.test(choice)) ? 'copyleft' : 'permissive';
}
