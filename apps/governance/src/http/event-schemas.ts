/** What is asked of the stream of notices, and what one page of it looks like. */
import { z } from 'zod';
import { NOTICE_FORMS, NOTICE_TYPES, type Notice, type NoticeType } from '../stream/notice.js';

const MAX_NOTICES = 500;
const DEFAULT_NOTICES = 100;
const ONE = `(${NOTICE_TYPES.join('|').replaceAll('.', '\\.')})`;

export const EventsQuery = z.strictObject({
  after: z.string().min(1).max(2_048).optional(),
  types: z.string().max(1_000).regex(new RegExp(`^${ONE}(,${ONE})*$`), `must be one or more, with commas between, of ${NOTICE_TYPES.join(', ')}`).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_NOTICES).default(DEFAULT_NOTICES),
});
export type EventsQuery = z.output<typeof EventsQuery>;

export function typesIn({ types }: EventsQuery): ReadonlySet<NoticeType> | null {
  return types === undefined ? null : new Set(types.split(',') as NoticeType[]);
}

const noticeOf = (type: NoticeType): z.ZodType<Notice> => z.strictObject({ id: z.string(), type: z.literal(type), timestamp: z.string(), data: NOTICE_FORMS[type] }) as unknown as z.ZodType<Notice>;

export const NoticeShape = z.union(NOTICE_TYPES.map(noticeOf)).meta({ id: 'Notice' });
/** `after` goes on behind the last of them; `isEnd`: nothing more is there yet. */
export const NoticePage = z.strictObject({ events: z.array(NoticeShape), after: z.string(), isEnd: z.boolean() }).meta({ id: 'NoticePage' });
