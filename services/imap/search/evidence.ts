// What is known of one message while it is searched. Keys ask for what they need; what is not there yet is noted as wanted, so that
// the dear things are read only for messages that the cheap ones leave in question.
import type { Row } from '../../core/account/chunk';
import { COMMON_FIELDS } from '../../core/message/common-fields';
import { fieldValue, parseHeader, type Header } from '../../core/message/header';
import type { Summary } from '../../core/message/summary';
import { foldForSearch, headerText } from '../../core/message/text';
import type { TextFindings } from './text-findings';

/** By what they cost: a few microseconds, one read, the whole body. */
export const LOADS = ['summary', 'header', 'text'] as const;
export type Load = (typeof LOADS)[number];
const NOTHING = LOADS.length as number;

/** Of a field so much is searched. Nothing stops the search between two keys, and there may be a thousand of them. */
const FIELD_CHARS_MAX = 256 * 1024;

export class Evidence {
  summary: Summary | null = null;
  /** The message's own header. */
  header: Header | null = null;
  texts: TextFindings | null = null;
  /** The cheapest of what could decide the keys that are in question: its place in LOADS. */
  private wanted = NOTHING;
  private foldedFields: Map<string, string | null> | null = null;
  private commonHeader: Header | null = null;

  constructor(
    readonly number: number,
    readonly row: Row,
  ) {}

  want(load: Load): undefined {
    this.wanted = Math.min(this.wanted, LOADS.indexOf(load));
    return undefined;
  }

  /** The cheapest of what was wanted since this was last asked; null if nothing was. */
  takeWanted(): Load | null {
    const cheapest = LOADS[this.wanted] ?? null;
    this.wanted = NOTHING;
    return cheapest;
  }

  /** The Date field: undefined if it is not known yet, null if there is none. */
  sentDate(): string | null | undefined {
    return this.summary ? this.summary.envelope.date : this.want('summary');
  }

  /** All fields of this name as one folded text: undefined if it is not known yet, null if there is no such field. */
  folded(field: string): string | null | undefined {
    const known = this.foldedFields?.get(field);
    if (known !== undefined) return known;
    const header = this.headerWith(field);
    if (header === undefined) return undefined;
    const texts = header.fields.filter(({ key }) => key === field).map((found) => headerText(fieldValue(header, found)));
    const folded = texts.length === 0 ? null : foldForSearch(texts.join('\n').slice(0, FIELD_CHARS_MAX));
    (this.foldedFields ??= new Map<string, string | null>()).set(field, folded);
    return folded;
  }

  /** A header that has the field if the message has it. */
  private headerWith(field: string): Header | undefined {
    if (this.header) return this.header;
    if (!COMMON_FIELDS.has(field)) return this.want('header');
    if (!this.summary) return this.want('summary');
    const { commonFields } = this.summary;
    if (commonFields === null) return this.want('header');
    return (this.commonHeader ??= parseHeader(commonFields));
  }
}
