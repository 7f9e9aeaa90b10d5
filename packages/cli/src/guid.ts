const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Whether a text has the form of a client id, an object id or a tenant's id. */
export function isGuid(text: string): boolean {
  return guid.test(text);
}
