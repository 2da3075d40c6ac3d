/** The rooms of `src/` and what each may import of ours: the right column of the table of rooms in the architecture. */
const mayImport = {
  domain: [],
  schema: ['domain'],
  workflows: ['domain'],
  activities: ['domain', 'schema', 'agents', 'gates', 'sandbox', 'git', 'forge', 'artifacts', 'channels', 'db'],
  agents: ['domain', 'schema', 'sandbox'],
  gates: ['domain', 'schema', 'sandbox'],
  sandbox: ['domain'],
  git: ['domain', 'sandbox'],
  forge: ['domain', 'schema', 'git', 'db'],
  artifacts: ['domain', 'db'],
  channels: ['domain', 'schema'],
  db: ['domain', 'schema'],
  api: ['domain', 'schema', 'db', 'artifacts', 'forge'],
  workers: ['activities', 'domain', 'schema', 'sandbox', 'db', 'forge'],
  local: ['domain', 'schema', 'agents', 'db', 'api', 'workers', 'sandbox', 'forge', 'git'],
  cli: ['schema', 'local', 'workers'],
  telemetry: ['domain'],
};

const withoutTelemetry = ['domain', 'workflows', 'telemetry'];

/** The lint configuration that keeps the rooms apart, types included: a type is knowledge too. */
export const rooms = (boundaries) => ({
  files: ['src/**/*.ts'],
  plugins: { boundaries },
  settings: {
    'import/resolver': { typescript: { project: 'tsconfig.json' } },
    'boundaries/elements': Object.keys(mayImport).map((type) => ({ type, pattern: `src/${type}` })),
  },
  rules: {
    'boundaries/no-unknown-files': 'error',
    'boundaries/dependencies': ['error', { default: 'disallow', policies: policies() }],
  },
});

function policies() {
  const allowed = Object.entries(mayImport).map(([room, others]) => ({
    from: { element: { type: room } },
    allow: {
      to: {
        element: { types: { anyOf: [room, ...others, ...(withoutTelemetry.includes(room) ? [] : ['telemetry'])] } },
      },
    },
  }));
  const activityTypes = {
    from: { element: { type: 'workflows' } },
    allow: { to: { element: { type: 'activities' } }, dependency: { kind: 'type' } },
  };
  return [...allowed, activityTypes];
}
