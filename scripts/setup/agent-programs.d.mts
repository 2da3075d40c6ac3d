export const agentPrograms: string;
