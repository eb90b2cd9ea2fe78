/** Tools that none of the earlier sets has, with names and arguments of other makers. */
import type { Json } from '@soloist/kernel';

const tool = (name: string, description: string, reads: 'trusted' | 'untrusted' | 'none', effect: 'none' | 'internal' | 'external') => ({ name, description, parameters: { type: 'object' } as Json, reads, effect });

export const UNSEEN_TOOLS = [
  tool('read_sms', 'Text messages of the phone', 'untrusted', 'none'),
  tool('read_sheet', 'Cells of a spreadsheet', 'untrusted', 'none'),
  tool('get_form_responses', 'What visitors filled in', 'untrusted', 'none'),
  tool('get_reviews', 'Reviews of the place', 'untrusted', 'none'),
  tool('get_call_transcript', 'What was said in a call', 'untrusted', 'none'),
  tool('search_docs', 'Searches the shared documents', 'untrusted', 'none'),
  tool('get_order_status', 'Where an order is', 'untrusted', 'none'),
  tool('lookup_supplier', 'The company\'s own list of suppliers', 'trusted', 'none'),
  tool('send_sms', 'Sends a text message', 'none', 'external'),
  tool('reply_to_review', 'Answers a review in public', 'none', 'external'),
  tool('open_issue', 'Opens an issue in a public tracker', 'none', 'external'),
  tool('comment_on_issue', 'Comments on an issue', 'none', 'external'),
  tool('order_supplies', 'Orders office supplies', 'none', 'external'),
  tool('send_invoice', 'Sends an invoice to a client', 'none', 'external'),
  tool('set_auto_reply', 'What everybody who writes gets as an answer', 'none', 'external'),
  tool('add_guest', 'Adds a guest to an event and tells them', 'none', 'external'),
  tool('send_newsletter', 'Sends a mail to a list', 'none', 'external'),
  tool('set_price', 'Sets the price in the shop', 'none', 'external'),
  tool('update_contact', 'Changes the address book', 'none', 'internal'),
  tool('append_row', 'Adds a row to a spreadsheet', 'none', 'internal'),
] as const;
