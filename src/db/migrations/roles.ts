export type Run = (statement: string) => Promise<unknown>;

/** Roles are of the whole server: another database of it may have made this one, also at this moment. */
export async function createRole(run: Run, role: string): Promise<void> {
  await run(`do $$ begin
    if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin; end if;
    exception when duplicate_object or unique_violation then null;
  end $$`);
  await run(`do $$ begin
    if not pg_has_role(current_user, '${role}', 'member') then execute format('grant ${role} to %I', current_user); end if;
  end $$`);
}
