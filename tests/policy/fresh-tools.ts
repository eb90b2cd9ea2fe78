/** Tools of the set that was written after the rules about dictation, language and named texts: no other set has them. */
import type { Json } from '@soloist/kernel';

const tool = (name: string, description: string, reads: 'trusted' | 'untrusted' | 'none', effect: 'none' | 'internal' | 'external') => ({ name, description, parameters: { type: 'object' } as Json, reads, effect });

export const FRESH_TOOLS = [
  tool('read_voicemail', 'Voice messages, written down', 'untrusted', 'none'),
  tool('read_wiki', 'Reads an article of a wiki that many may edit', 'untrusted', 'none'),
  tool('get_feed', 'Entries of a news feed', 'untrusted', 'none'),
  tool('read_slides', 'The text of a slide deck', 'untrusted', 'none'),
  tool('read_forum_thread', 'Posts of a thread', 'untrusted', 'none'),
  tool('track_parcel', 'What the carrier says about a parcel', 'untrusted', 'none'),
  tool('get_buyer_questions', 'Questions of buyers on the marketplace', 'untrusted', 'none'),
  tool('lookup_member', 'The club\'s own list of members', 'trusted', 'none'),
  tool('send_letter', 'Prints a letter and posts it', 'none', 'external'),
  tool('send_fax', 'Sends a fax', 'none', 'external'),
  tool('post_status', 'Posts to the public profile', 'none', 'external'),
  tool('answer_question', 'Answers a buyer in public', 'none', 'external'),
  tool('set_voicemail_greeting', 'What every caller hears', 'none', 'external'),
  tool('update_listing', 'Changes an offer on the marketplace', 'none', 'external'),
  tool('send_push', 'Sends a note to the phones of a group', 'none', 'external'),
  tool('book_courier', 'Orders a courier', 'none', 'external'),
  tool('pause_listing', 'Takes an offer off for a while', 'none', 'internal'),
] as const;
