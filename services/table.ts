// Tables of plain text, for people.

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const GAP = '  ';

/** One line for the titles and one for each row, without a line end at the end. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(oneLine));
  const widths = columns.map(({ title }, c) => Math.max(title.length, ...cells.map((row) => row[c]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    columns.map(({ align }, c) => (align === 'right' ? (row[c] ?? '').padStart(widths[c]!) : (row[c] ?? '').padEnd(widths[c]!))).join(GAP).trimEnd();
  return [columns.map(({ title }) => title), ...cells].map(line).join('\n');
}

/** What a name brings along must not steer a terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?');
}
