export function onPath(program: string): string | undefined;
