import { PostgresConnection } from '../../src/platform/database/postgres-connection.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { freshDatabase, type TestDatabase } from './stores.js';

/** One database that several instances use at once, each through a pool of its own. */
export class SharedDatabase {
  private readonly connections: PostgresConnection[] = [];

  private constructor(private readonly database: TestDatabase) {}

  static async start(): Promise<SharedDatabase> {
    return new SharedDatabase(await freshDatabase());
  }

  get url(): string {
    return this.database.url;
  }

  /** What another instance of the service would open. */
  connect(poolSize = 4): PostgresConnection {
    const { url } = this.database;
    const options = { url, poolSize, onConnectionFailure: () => undefined };
    const connection = new PostgresConnection(options, new Metrics());
    this.connections.push(connection);
    return connection;
  }

  async stop(): Promise<void> {
    await Promise.all(this.connections.map((connection) => connection.close()));
    await this.database.drop();
  }
}
