import { eq } from "drizzle-orm";
import { pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { db } from "./db";

export const users = pgTable("users", {
  id: uuid("id").primaryKey().defaultRandom(),
  email: text("email").notNull().unique(),
  fullName: text("full_name"),
});

export const customers = pgTable("customers", {
  id: uuid("id").primaryKey().defaultRandom(),
  email: text("email").notNull(),
  name: text("name"),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
});

export async function register(email: string, name: string) {
  await db.insert(customers).values({ email, name });
}

export async function withUsers() {
  return db
    .select({ id: customers.id, user: users.fullName })
    .from(customers)
    .innerJoin(users, eq(customers.email, users.email));
}
