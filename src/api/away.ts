interface Foreign {
  readonly code?: unknown;
  readonly message?: string;
  readonly cause?: { readonly code?: unknown };
}

/** Whether an error says that PostgreSQL is not there now, is starting, stopping or full. */
export function isDatabaseAway(thrown: unknown): boolean {
  const { code, message = '' } = (thrown ?? {}) as Foreign;
  return (
    (typeof code === 'string' &&
      (/^(08...|57P0[123]|53...)$/.test(code) || ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(code))) ||
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      message,
    )
  );
}

/** gRPC status of an error of the Temporal client; null where it is another error. */
export function grpcStatus(thrown: unknown): number | null {
  const { code, cause } = (thrown ?? {}) as Foreign;
  const status = cause?.code ?? code;
  return typeof status === 'number' ? status : null;
}

export const GRPC = { deadlineExceeded: 4, invalidArgument: 3, notFound: 5, unavailable: 14 } as const;

/** Whether an error says that Temporal is not there now. */
export const isTemporalAway = (thrown: unknown): boolean => {
  const status = grpcStatus(thrown);
  return status === GRPC.unavailable || status === GRPC.deadlineExceeded;
};
