/** `bun embedded.template.ts FOLDER`: initializes an embedded database in the folder. */
import { PGlite } from '@electric-sql/pglite';

const database = await PGlite.create(process.argv[2] ?? '');
await database.close();
