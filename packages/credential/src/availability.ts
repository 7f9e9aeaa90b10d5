import { type Environment, findEndpoint } from "./endpoint.ts";
import { AppServiceMsiError } from "./errors.ts";

/**
 * Whether the variables describe an App Service identity endpoint, so that `AppServiceMsiCredential` would ask it. Nothing is sent. `true`
 * for variables that are set but wrong as well: `getToken` then says what is wrong.
 *
 * @param env Where variables are read. Default: `process.env`.
 */
export function isAppServiceMsiAvailable(env: Environment = process.env): boolean {
  try {
    findEndpoint(env);
    return true;
  } catch (error) {
    if (error instanceof AppServiceMsiError) {
      return error.code !== "NOT_CONFIGURED";
    }
    throw error;
  }
}
