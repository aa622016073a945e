/**
 * The generated parts of `operating.md`: each service's variables from its config schema, and the images' sizes.
 * `bun run docs` writes them anew; a test fails while the page says something else.
 */
import { join } from 'node:path';
import { ChatVariables } from '@parley/chat/config';
import { FileVariables } from '@parley/file/config';
import { commonVariables, describeWanted } from '@parley/kit/process/config';
import { NotificationVariables } from '@parley/notification/config';
import { PresenceVariables } from '@parley/presence/config';
import { WebVariables } from '@parley/web/config';
import type { TSchema } from '@sinclair/typebox';
import { imageSizes } from '../deploy/image-sizes.ts';

export const page = join(import.meta.dir, 'operating.md');

const variables: Record<string, Record<string, TSchema>> = {
  common: commonVariables,
  chat: ChatVariables.properties,
  presence: PresenceVariables.properties,
  notification: NotificationVariables.properties,
  file: FileVariables.properties,
  web: WebVariables.properties,
};

/** Aligned, as the formatter has it. */
const table = (head: readonly string[], body: readonly (readonly string[])[]): string => {
  const rows = [head, ...body].map((row) => row.map((text) => text.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [rows[0] ?? [], rule, ...rows.slice(1)].map(line).join('\n');
};

const variableTable = (service: string): string => {
  const own = Object.entries(variables[service] ?? {}).filter(
    ([name]) => service === 'common' || !(name in commonVariables),
  );
  const rows = own.map(([name, schema]) => {
    const standard = schema.default === undefined || schema.default === '' ? 'unset' : `\`${schema.default}\``;
    return [`\`${name}\``, standard, String(schema.description), describeWanted(schema)];
  });
  return table(['variable', 'default', 'what it is', 'takes'], rows);
};

const sizeTable = (): string => {
  const rows = Object.entries(imageSizes).map(([name, megabytes]) => [name, `${megabytes.toFixed(1)} MB`]);
  return table(['image', 'beyond its base'], rows);
};

const tables: Record<string, string> = {
  ...Object.fromEntries(Object.keys(variables).map((name) => [`variables of ${name}`, variableTable(name)])),
  'image sizes': sizeTable(),
};

/**
 * @param text of the page, with a `<!-- NAME -->` before and a `<!-- end -->` after each table
 * @returns the page with every table as it is now
 * @throws when the page has no place for one
 */
export const withTables = (text: string): string =>
  Object.entries(tables).reduce((current, [name, made]) => {
    const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(\n<!-- end -->)`);
    if (!place.test(current)) throw new Error(`${page} has no place for "${name}"`);
    return current.replace(place, (_, start: string, end: string) => `${start}\n${made}\n${end}`);
  }, text);

if (import.meta.main) await Bun.write(page, withTables(await Bun.file(page).text()));
