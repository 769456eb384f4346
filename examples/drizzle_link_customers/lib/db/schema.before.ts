import { relations } from "drizzle-orm";
import { index, pgEnum, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

export const licenseTier = pgEnum("license_tier", ["starter", "pro", "enterprise"]);

export const users = pgTable("users", {
  id: uuid("id").primaryKey().defaultRandom(),
  email: text("email").notNull().unique(),
  fullName: text("full_name"),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
});

export const customers = pgTable(
  "customers",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    email: text("email").notNull(),
    name: text("name"),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index("customers_email_idx").on(table.email)],
);

export const subscriptions = pgTable("subscriptions", {
  id: uuid("id").primaryKey().defaultRandom(),
  customerId: uuid("customer_id")
    .notNull()
    .references(() => customers.id, { onDelete: "cascade" }),
  tier: licenseTier("tier").notNull().default("starter"),
  startedAt: timestamp("started_at", { withTimezone: true }).notNull().defaultNow(),
});

export const licenseKeys = pgTable("license_keys", {
  id: uuid("id").primaryKey().defaultRandom(),
  customerId: uuid("customer_id")
    .notNull()
    .references(() => customers.id, { onDelete: "cascade" }),
  key: text("key").notNull().unique(),
});

export const customersRelations = relations(customers, ({ many }) => ({
  subscriptions: many(subscriptions),
  licenseKeys: many(licenseKeys),
}));

export const subscriptionsRelations = relations(subscriptions, ({ one }) => ({
  customer: one(customers, { fields: [subscriptions.customerId], references: [customers.id] }),
}));

export const licenseKeysRelations = relations(licenseKeys, ({ one }) => ({
  customer: one(customers, { fields: [licenseKeys.customerId], references: [customers.id] }),
}));
