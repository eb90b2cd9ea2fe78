/**
 * The mail of a web designer's clients over some months, written as people write, and questions with known answers.
 * `answer` must stand in one of the recalled facts; `client` is who asks.
 */
export interface FixtureMail {
  readonly client: string;
  readonly subject: string;
  readonly text: string;
}

export interface FixtureQuestion {
  readonly client: string;
  readonly question: string;
  readonly answer: string;
}

export const CLIENTS: Readonly<Record<string, { name: string; address: string }>> = {
  acme: { name: 'Anna Berg', address: 'anna.berg@acme.example' },
  northwind: { name: 'Tom Hale', address: 'tom@northwind.example' },
  lindner: { name: 'Petra Lindner', address: 'praxis@lindner.example' },
  harbor: { name: 'Jo Okafor', address: 'jo@harborcoffee.example' },
};

const mail = (client: string, subject: string, text: string): FixtureMail => ({ client, subject, text });

export const MAILS: readonly FixtureMail[] = [
  mail('acme', 'Terms of our cooperation', `Hi Sam,\n\nthanks for the call today. For your records, here is what we agreed:\n\n- The website relaunch costs a fixed 12,000 EUR in three milestones.\n- Changes outside of the scope are billed at an hourly rate of 95 EUR.\n- Invoices are payable within 14 days.\n\nLooking forward to working with you!\n\nBest regards,\nAnna Berg\nAcme GmbH, +49 30 5557788`),
  mail('acme', 'Milestone 1', `Hello Sam,\n\nwe accept milestone 1 (design) as delivered on 12 March 2026. You may send the first invoice over 4,000 EUR.\n\nBest,\nAnna`),
  mail('acme', 'Re: Milestone 1', `Hi,\n\ngreat work! One thing: our purchase order number is PO-77120, it must be on every invoice.\n\nOn Thu, 12 Mar 2026 at 09:10, Sam <sam@studio.example> wrote:\n> We will deliver milestone 2 by 30 April.\n> The price is 1 EUR.\n\nThanks,\nAnna`),
  mail('acme', 'Content', `Hi Sam,\n\nour new product photos are in the shared folder. The photographer Lena Vogt holds the rights, we may use the pictures until the end of 2028. Please never use the old logo with the blue bird.\n\nAnna`),
  mail('acme', 'Launch', `Hello,\n\nthe board wants to launch on 1 September 2026. Before that, the legal department has to approve the imprint and the privacy page.\n\nRegards,\nAnna`),
  mail('acme', 'Vacation', `Hi Sam,\n\nI am on vacation from 20 July until 7 August. My colleague Martin Roth takes over while I am away; his address is martin.roth@acme.example.\n\nBest,\nAnna`),
  mail('acme', 'Hosting', `Hi,\n\nwe want to stay with our current hosting provider, Nordhost. The contract there runs until December 2027 and costs 39 EUR per month. The server only supports PHP 8.2.\n\nAnna`),
  mail('acme', 'Quick question', `Hi Sam,\n\ngot your message, I'm in a meeting right now and will call you back later.\n\nAnna`),
  mail('acme', 'Newsletter', `Hi Sam,\n\nthe newsletter module is not needed any more, please take it out of the scope. In exchange we would like a job page with up to 10 open positions.\n\nThanks\nAnna`),
  mail('acme', 'Accessibility', `Dear Sam,\n\nthe site must meet WCAG 2.2 level AA, our parent company requires it. An external auditor, the firm Klarblick, will test it in August.\n\nKind regards\nAnna`),

  mail('northwind', 'Shop maintenance', `Hey Sam,\n\nhappy to confirm the maintenance contract: 450 GBP per month for up to 5 hours, anything on top at 110 GBP per hour. It starts on 1 February and either side can cancel with three months' notice.\n\nCheers,\nTom`),
  mail('northwind', 'Payment details', `Hi Sam,\n\nfrom now on please send invoices to accounting@northwind.example and not to me. We pay on the 15th of each month. Our VAT number is GB 123 4567 89.\n\nCheers\nTom`),
  mail('northwind', 'Black Friday', `Hi Sam,\n\nthe Black Friday campaign goes live on 27 November at 06:00. No deployments between 20 November and 2 December, please.\n\nTom`),
  mail('northwind', 'Payment provider', `Sam,\n\nwe switch from Paylane to Stripe in May. Stripe takes 1.4 % plus 20 pence for each transaction. Ruth Ellery from finance is the contact for everything about payouts.\n\nTom`),
  mail('northwind', 'Late again', `Hi Sam,\n\nrunning a bit late, traffic is terrible. See you in a bit.\n\nTom`),
  mail('northwind', 'Returns', `Hello Sam,\n\ncustomers can return shoes within 60 days, not 30 as it says on the page. Could you fix the text? Return labels are free in the UK and cost 8 GBP from Ireland.\n\nCheers,\nTom`),
  mail('northwind', 'Incident last night', `Hi Sam,\n\nthe shop was down for 40 minutes last night because the database disk was full. I expect an answer within 2 hours when the shop is down, also on weekends. Our emergency number is +44 20 7946 0857.\n\nTom`),
  mail('northwind', 'Search', `Hi,\n\nthe product search should find articles by their EAN. We have about 18,000 products and 3 warehouses, Leeds, Hull and York.\n\nTom`),
  mail('northwind', 'Price change', `Hi Sam,\n\nas discussed, the hourly rate for extra work goes up to 118 GBP from 1 July.\n\nCheers, Tom`),
  mail('northwind', 'Tone', `Hi Sam,\n\nwhen you write to our customers, please always use British spelling and never exclamation marks. We prefer short answers.\n\nTom`),

  mail('lindner', 'Angebot Praxis-Website', `Guten Tag Herr Sommer,\n\nvielen Dank für Ihr Angebot vom 3. Februar. Wir nehmen das Angebot über 5.800 EUR an. Die Zahlung erfolgt in zwei Raten, die Hälfte bei Auftrag, der Rest bei Abnahme.\n\nMit freundlichen Grüßen\nPetra Lindner`),
  mail('lindner', 'Öffnungszeiten', `Guten Morgen,\n\ndie Praxis ist ab April montags bis donnerstags von 8:00 bis 16:30 geöffnet. Freitags haben wir geschlossen.\n\nViele Grüße\nPetra Lindner`),
  mail('lindner', 'Datenschutz', `Hallo Herr Sommer,\n\nunser Datenschutzbeauftragter ist Herr Karl Brandt von der Firma Datwerk. Die Daten der Patienten müssen in Deutschland gespeichert werden. Google Fonts dürfen nicht verwendet werden.\n\nMit freundlichen Grüßen\nPetra Lindner`),
  mail('lindner', 'Termine', `Guten Tag,\n\nwir nutzen für Termine das System Medidoc, die Lizenz kostet 59 EUR im Monat. Bitte binden Sie den Kalender bis zum 15. Mai ein.\n\nViele Grüße\nP. Lindner`),
  mail('lindner', 'Rechnung', `Hallo,\n\nbitte schicken Sie die Rechnung immer per Post an die Praxis, Lindenallee 12, 04177 Leipzig. Rechnungen per E-Mail kann unser Steuerberater nicht annehmen.\n\nGrüße\nPetra Lindner`),

  mail('harbor', 'New shop', `Hi Sam!\n\nWe open our third cafe at 14 Pier Street on June 6. The menu page needs all prices in one list, a flat white is 3.80 EUR there.\n\nTake care,\nJo`),
  mail('harbor', 'Budget', `Hi Sam,\n\nour budget for this year is 3,500 EUR in total, photos included. We can't go higher, please tell me before you go over it.\n\nJo`),
  mail('harbor', 'Beans', `Hey,\n\nthe roastery moved to Basel, deliveries now take 5 days. Subscribers get a 10 percent discount on every bag.\n\nJo`),
  mail('harbor', 'Domain', `Hi Sam,\n\nour domain harborcoffee.example expires on 9 October, the registrar is Gandor. The login is with my brother Femi Okafor.\n\nJo`),
  mail('harbor', 'Allergens', `Hi,\n\nevery product must show its allergens. The oat cake contains nuts, the lemon tart does not.\n\nBest\nJo`),
  mail('harbor', 'Social', `Hi Sam,\n\nwe post on Tuesdays and Fridays. Please write in a friendly voice and sign posts with "your Harbor crew".\n\nJo`),
  mail('harbor', 'Agreement', `Hi Sam,\n\nso we agree on 70 EUR per hour, billed quarterly, and you give me 20 % off the first invoice. I will pay within 30 days.\n\nJo`),
  mail('harbor', 'hello', `Hi Sam,\n\njust checking in, what lovely weather today! Hope you are well.\n\nJo`),
];

const ask = (client: string, question: string, answer: string): FixtureQuestion => ({ client, question, answer });

export const QUESTIONS: readonly FixtureQuestion[] = [
  ask('acme', 'Hi Sam, could you remind me which hourly rate we agreed for changes?', '95 EUR'),
  ask('acme', 'What does the relaunch of the website cost in total?', '12,000 EUR'),
  ask('acme', 'How many days do we have to pay your invoices?', 'within 14 days'),
  ask('acme', 'Which PO number has to be on the invoice?', 'PO-77120'),
  ask('acme', 'When do we launch?', '1 September 2026'),
  ask('acme', 'Who takes over while Anna is on vacation?', 'Martin Roth'),
  ask('acme', 'How long may we use the photos?', '2028'),
  ask('acme', 'Which accessibility standard must the site meet?', 'WCAG 2.2'),
  ask('acme', 'Until when does the contract with the hosting provider run?', 'December 2027'),
  ask('northwind', 'What is the monthly fee of the maintenance contract?', '450 GBP'),
  ask('northwind', 'What do you charge per hour for extra work since July?', '118 GBP'),
  ask('northwind', 'How can we cancel the maintenance?', "three months' notice"),
  ask('northwind', 'Where should you send the invoices?', 'accounting@northwind.example'),
  ask('northwind', 'Who is our contact for payouts?', 'Ruth Ellery'),
  ask('northwind', 'When does the Black Friday campaign start?', '27 November'),
  ask('northwind', 'Within how many days can customers return shoes?', '60 days'),
  ask('northwind', 'How quickly do you answer when the shop is down?', 'within 2 hours'),
  ask('northwind', 'Which warehouses do we have?', 'Leeds, Hull and York'),
  ask('lindner', 'Über welchen Betrag haben wir das Angebot angenommen?', '5.800 EUR'),
  ask('lindner', 'Wann ist die Praxis geöffnet?', '8:00 bis 16:30'),
  ask('lindner', 'Wer ist unser Datenschutzbeauftragter?', 'Karl Brandt'),
  ask('lindner', 'Wohin soll die Rechnung geschickt werden?', 'Lindenallee 12'),
  ask('harbor', 'What is our budget for the year?', '3,500 EUR'),
  ask('harbor', 'Which discount do subscribers get?', '10 percent'),
  ask('harbor', 'When does the domain expire?', '9 October'),
  ask('harbor', 'What hourly price did we agree on?', '70 EUR per hour'),
  ask('harbor', 'What is the address of the new cafe?', '14 Pier Street'),
  ask('harbor', 'On which days do we post?', 'Tuesdays and Fridays'),
];
