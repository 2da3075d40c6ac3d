export const WITHOUT_CHROMIUM: string;
export function findChromium(): string | undefined;
