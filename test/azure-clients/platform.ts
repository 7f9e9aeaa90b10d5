import tls from "node:tls";
import { type Certificate, makeLoopbackCertificate } from "@appservice-msi/example-azurite";
import { createTokenVerifier, type VerifyToken } from "@appservice-msi/example-protected-api";
import { AppServiceMsiCredential } from "@appservice-msi/credential";
import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import { afterAll, beforeAll, beforeEach } from "vitest";

/** An emulated App Service for the tests of a file, and what services on this machine need to be reached from it. */
export interface Platform {
  readonly emulator: Emulator;
  /** One that has asked for nothing yet, for each test. */
  readonly credential: AppServiceMsiCredential;
  /** What the services show; the process trusts it, so that no client needs an option for that. */
  readonly certificate: Certificate;
  /** Checks tokens as a service of Azure does that goes by this name. */
  verifierFor(resource: string): Promise<VerifyToken>;
}

/** Starts the platform before the tests of a file and stops it after them. */
export function usePlatform(): Platform {
  let emulator: Emulator;
  let credential: AppServiceMsiCredential;
  let certificate: Certificate;

  beforeAll(async () => {
    emulator = await startEmulator();
    certificate = await makeLoopbackCertificate();
    tls.setDefaultCACertificates([...tls.getCACertificates("default"), certificate.certificate]);
  });
  beforeEach(async () => {
    await emulator.reset();
    credential = new AppServiceMsiCredential({ env: emulator.env });
  });
  afterAll(() => emulator.close());

  return {
    get emulator() {
      return emulator;
    },
    get credential() {
      return credential;
    },
    get certificate() {
      return certificate;
    },
    verifierFor: (resource) =>
      createTokenVerifier({
        configurationUrl: `${emulator.url}/.well-known/openid-configuration`,
        audience: [resource.replace(/\/$/, ""), resource.replace(/\/?$/, "/")],
      }),
  };
}
