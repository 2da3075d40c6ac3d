const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether what a person wrote is an id, and no number or name. */
export const isUuid = (text: string): boolean => UUID.test(text);
