import type { SettingsBuilder } from './settings.js';

/** Debian's Maven reads this by itself; Maven 3.9 and later takes any place from MAVEN_ARGS. */
const DEBIAN = '/etc/maven/settings.xml';

/** Maven's settings with mirrors, proxies and servers; their passwords are variables, which Maven fills in. */
export function addMavenSettings(builder: SettingsBuilder, text: string | null): void {
  if (text === null) return;
  let count = 0;
  const shown = text
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/<(localRepository)>[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<(password|passphrase)>([\s\S]*?)<\/\1>/g, (_all, tag: string, value: string) => {
      const reference = /^\$\{env\.(\w+)\}$/.exec(value.trim())?.[1];
      const name = reference ?? `BATON_MAVEN_SECRET_${count++}`;
      if (reference === undefined) builder.setSecret(name, unescaped(value.trim()));
      return `<${tag}>\${env.${name}}</${tag}>`;
    });
  builder.file(DEBIAN, shown);
  builder.set('MAVEN_ARGS', `-s ${builder.file('maven-settings.xml', shown)}`);
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
