import { connect } from '../../src/db/connection.js';
import { createLocalForge } from '../../src/forge/local.js';

/** One act of the forge in a process of its own, for a test to kill. */
const [databaseUrl = '', dataDirectory = '', action = '', wanted = ''] = process.argv.slice(2);
const db = connect(databaseUrl, { maxConnections: 2 });
const forge = createLocalForge({ db, dataDirectory });
await forge[action as 'pullOrigin'](JSON.parse(wanted) as never);
await db.destroy();
