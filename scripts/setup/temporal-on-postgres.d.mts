export const WITHOUT_TEMPORAL_ON_POSTGRES: string;
export function findTemporalOnPostgres():
  | {
      readonly version: string;
      readonly server: string;
      readonly programs: string;
      readonly config: string;
      readonly schema: string;
    }
  | undefined;
