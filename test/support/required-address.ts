/** An address, or a folder, that the global set-up has left in the environment. */
export function requiredAddress(
  name: 'BATON_TEST_DATABASE_URL' | 'BATON_TEST_TEMPORAL_ADDRESS' | 'BATON_TEST_SEEDS',
): string {
  const address = process.env[name];
  if (address === undefined) throw new Error(`${name} is not set: test/support/global-setup.ts sets it`);
  return address;
}
