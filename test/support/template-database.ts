/** Migrated once for all suites, copied for each. */
export const TEMPLATE_DATABASE = 'baton_template';
