import { once } from "node:events";
import type { TokenCredential } from "@azure/core-auth";
import { createClient } from "@redis/client";
import { EntraIdCredentialsProviderFactory } from "@redis/entraid";
import mssql from "mssql";
import { Pool } from "pg";
import { Connection, type ConnectionConfiguration, Request } from "tedious";
import { describe, expect, it } from "vitest";
import { expectOnPage } from "./clients-page.ts";
import { usePlatform } from "./platform.ts";
import { startPostgresService } from "./services/postgres-service.ts";
import { startRedisService } from "./services/redis-service.ts";
import { startTdsService } from "./services/tds-service.ts";

const platform = usePlatform();

function systemAssigned(): string {
  return platform.emulator.identities.systemAssigned?.objectId ?? "";
}

/** A credential that has tokens for something else only. */
function elsewhere(): TokenCredential {
  return { getToken: () => platform.credential.getToken("https://storage.azure.com/.default") };
}

function configuration(port: number, credential: TokenCredential): ConnectionConfiguration {
  return {
    server: "localhost",
    authentication: { type: "token-credential", options: { credential } },
    options: { port, database: "shop", encrypt: "strict" },
  };
}

function poolFor(port: number, password: () => Promise<string>): Pool {
  return new Pool({ host: "localhost", port, user: "my-app", database: "shop", ssl: true, password });
}

const sql = "https://database.windows.net/";

describe("tedious", () => {
  it("learns from the server what to ask for, logs in and queries", async () => {
    await using service = await startTdsService(platform, await platform.verifierFor(sql));
    const connection = new Connection(configuration(service.port, platform.credential));
    connection.connect();
    const [error] = (await once(connection, "connect")) as [Error | undefined];
    expect(error).toBeUndefined();
    const rows: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      const request = new Request("select suser_sname()", (failure) => (failure ? reject(failure) : resolve()));
      request.on("row", (columns: { value: unknown }[]) => rows.push(columns[0]?.value));
      connection.execSqlBatch(request);
    });
    connection.close();
    expect(rows).toEqual([systemAssigned()]);
    expect(service.callers).toHaveLength(1);
    expectOnPage("tedious", { asked: platform.emulator.journal.list(), triedOn: "TDS stand-in" });
  });

  it("is refused with a token for another resource", async () => {
    await using service = await startTdsService(platform, await platform.verifierFor(sql));
    const connection = new Connection(configuration(service.port, elsewhere()));
    connection.connect();
    const [error] = (await once(connection, "connect")) as [Error | undefined];
    expect(error?.message).toContain('Login failed: unexpected "aud" claim value');
    expect(service.callers).toEqual([]);
  });
});

describe("mssql", () => {
  it("queries through a pool", async () => {
    await using service = await startTdsService(platform, await platform.verifierFor(sql));
    const pool = await new mssql.ConnectionPool({
      server: "localhost",
      port: service.port,
      database: "shop",
      authentication: { type: "token-credential", options: { credential: platform.credential } },
      options: { encrypt: "strict" as unknown as boolean },
    }).connect();
    const { recordset } = await pool.query<{ caller: string }>`select suser_sname() as caller`;
    await pool.close();
    expect(recordset).toEqual([{ caller: systemAssigned() }]);
    expectOnPage("mssql", { asked: platform.emulator.journal.list(), triedOn: "TDS stand-in" });
  });
});

describe("pg", () => {
  const resource = "https://ossrdbms-aad.database.windows.net";
  it("logs each connection in with a token for a password", async () => {
    const { credential, emulator } = platform;
    await using service = await startPostgresService(platform, await platform.verifierFor(resource));
    const pool = poolFor(service.port, async () => (await credential.getToken(resource)).token);
    const [one, two] = await Promise.all([pool.connect(), pool.connect()]);
    const { rows } = await one.query<{ current_user: string }>("select current_user");
    one.release();
    two.release();
    await pool.end();
    expect(rows).toEqual([{ current_user: "my-app" }]);
    expect(service.callers).toMatchObject([{ oid: systemAssigned() }, { oid: systemAssigned() }]);
    expectOnPage("pg", { asked: emulator.journal.list(), triedOn: "PostgreSQL stand-in" });
  });

  it("is refused with a token for another resource", async () => {
    await using service = await startPostgresService(platform, await platform.verifierFor(resource));
    const pool = poolFor(
      service.port,
      async () => (await platform.credential.getToken("https://storage.azure.com")).token,
    );
    await expect(pool.query("select 1")).rejects.toMatchObject({ code: "28P01" });
    await pool.end();
  });
});

describe("@redis/entraid", () => {
  const scope = "https://redis.azure.com/.default";
  const clientFor = (port: number, credential: TokenCredential) =>
    createClient({
      url: `rediss://localhost:${port}`,
      socket: { reconnectStrategy: false },
      credentialsProvider: EntraIdCredentialsProviderFactory.createForDefaultAzureCredential({
        credential,
        scopes: scope,
        tokenManagerConfig: { expirationRefreshRatio: 0.8 },
      }),
    });

  it("logs in with the identity's object id and token", async () => {
    await using service = await startRedisService(platform, await platform.verifierFor("https://redis.azure.com"));
    const client = clientFor(service.port, platform.credential);
    await client.connect();
    expect(await client.ping()).toBe("PONG");
    await client.close();
    expect(service.callers).toMatchObject([{ oid: systemAssigned() }]);
    expectOnPage("@redis/entraid", { asked: platform.emulator.journal.list(), triedOn: "Redis stand-in" });
  });

  it("is refused with a token for another resource", async () => {
    await using service = await startRedisService(platform, await platform.verifierFor("https://redis.azure.com"));
    const client = clientFor(service.port, elsewhere());
    client.on("error", () => {}); // the failed connection is told twice
    await expect(client.connect()).rejects.toThrow("WRONGPASS");
    expect(service.callers).toEqual([]);
  });
});
