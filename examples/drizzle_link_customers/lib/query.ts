// What the new version of the application asks: a user with the customer that it is, and what that customer has.
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { Client } from "pg";

import * as schema from "./db/schema";

const client = new Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
const db = drizzle(client, { schema });

const user = await db.query.users.findFirst({
  where: eq(schema.users.email, process.argv[2] ?? "ada@example.org"),
  with: { customer: { with: { subscriptions: true, licenseKeys: true } } },
});
console.log(JSON.stringify(user, null, 2));
await client.end();
