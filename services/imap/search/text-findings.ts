// SEARCH BODY and TEXT over one message: all strings in one pass, stopped as soon as they decide the search.
import type { MimePart } from '../../core/message/mime-part';
import { SubstringMatcher } from '../../core/message/substring-matcher';
import { foldPieces } from '../../core/message/text';
import { searchableTexts, type TextScope } from '../../core/message/text-match';
import type { Turns } from '../../core/runtime/turns';

/** A string that is looked for; compared by identity. */
export interface TextQuery {
  readonly scope: TextScope;
  /** Went through foldForSearch(); not empty. */
  readonly needle: string;
}

const SCOPES: readonly TextScope[] = ['BODY', 'TEXT'];

export class TextFindings {
  private readonly found = new Set<TextQuery>();
  private isDone = false;

  /** Whether the string is there; undefined as long as the rest of the message may decide it. */
  has(query: TextQuery): boolean | undefined {
    return this.found.has(query) || (this.isDone ? false : undefined);
  }

  /** Searches `message`, of which only what searchedRanges() names need be there, until `isDecided`. */
  async look(message: Uint8Array, structure: MimePart, queries: readonly TextQuery[], turns: Turns, isDecided: () => boolean): Promise<void> {
    for (const scope of SCOPES) {
      let open = queries.filter((query) => query.scope === scope).map((query) => ({ query, matcher: new SubstringMatcher(query.needle) }));
      if (open.length === 0) continue;
      for (const text of searchableTexts(message, structure, scope)) {
        for (const { matcher } of open) matcher.reset();
        for (const piece of foldPieces(text)) {
          const found = new Set<TextQuery>();
          for (const { query, matcher } of open) {
            if (matcher.feed(piece)) found.add(query);
            if (turns.isOver()) await turns.giveWay();
          }
          if (found.size === 0) continue;
          open = open.filter(({ query }) => !found.has(query));
          for (const query of found) this.found.add(query);
          if (isDecided()) return;
        }
        if (open.length === 0) break;
      }
    }
    this.isDone = true;
  }
}
