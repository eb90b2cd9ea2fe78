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
  museum: { name: 'Clara Nwosu', address: 'c.nwosu@citymuseum.example' },
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

/**
 * Held out: written after the rules of extraction and ranking. Nothing was fitted to it but one plain error that it
 * brought up (plurals of the words that mark terms). One talkative client with many sentences about a few things.
 */
export const HELD_OUT_MAILS: readonly FixtureMail[] = [
  mail('museum', 'Ticket shop', `Dear Sam,\n\nthe committee met yesterday. We would like you to build the ticket shop, and the committee has approved 18,400 EUR for it. Sixty percent is paid up front, the remainder once the shop has been open for four weeks without trouble.\n\nWarm regards,\nClara Nwosu\nCity Museum`),
  mail('museum', 'Ticket prices', `Hello Sam,\n\nadults pay 14 EUR, students and seniors 9 EUR, children below twelve get in for free. On the first Sunday of the month nobody pays. Groups of fifteen or more get 2 EUR off each ticket and must book a week ahead.\n\nClara`),
  mail('museum', 'Opening hours', `Hi Sam,\n\nwe open Tuesday to Sunday from 10 to 18, Thursdays until 21. Mondays we are closed, except Easter Monday and Whit Monday. Last admission is 45 minutes before closing.\n\nClara`),
  mail('museum', 'Exhibition', `Dear Sam,\n\nthe exhibition "Salt and Light" opens on 4 October and runs through 17 January. The curator is Ibrahim Sesay, and he wants to read every text before it is published. Loans come from Lisbon and Ghent, so no photos of the loans online, please.\n\nClara`),
  mail('museum', 'Re: Exhibition', `Hi,\n\nsorry, I mixed it up: the exhibition closes on 24 January. The catalogue costs 32 EUR in the shop and 28 EUR for members.\n\nClara`),
  mail('museum', 'Members', `Hi Sam,\n\nmembership is 60 EUR a year and renews by itself unless somebody cancels by the end of November. We have roughly 2,300 members. Their data stays in our own system, Artium, and is not to be copied into the shop.\n\nClara`),
  mail('museum', 'Guided tours', `Hello,\n\ntours take an hour, cost 80 EUR per group and can be had in German, English, French and Polish. For sign language tours people should write to tours@citymuseum.example.\n\nThanks,\nClara`),
  mail('museum', 'Payments', `Hi Sam,\n\nfinance insists on Adyen for card payments. No PayPal. Refunds are possible up to 24 hours before the visit, later we only rebook.\n\nC.`),
  mail('museum', 'Who decides', `Dear Sam,\n\nfor anything above 1,000 EUR you need a signature from our director, Helene Marchetti. Below that I can decide. Please copy Oskar in IT on technical questions.\n\nClara`),
  mail('museum', 'Go-live', `Hi Sam,\n\ncan we do the go-live on a Monday when we are closed? The board would love 14 September. The old shop gets switched off two weeks after that.\n\nClara`),
  mail('museum', 'Load', `Hello Sam,\n\nlast Museum Night 3,100 people bought tickets within half an hour and the old shop fell over. The new one has to cope with twice that.\n\nClara`),
  mail('museum', 'Cafe', `Hi Sam,\n\nthe cafe is run by a tenant, Familie Brandl. Their menu is not our business and should not be on our site.\n\nClara`),
  mail('museum', 'Statistics', `Hi Sam,\n\nwe must report visitor numbers to the ministry every quarter, by the tenth of the following month. An export as a spreadsheet would save us a lot of time.\n\nClara`),
  mail('museum', 'Small things', `Hi Sam,\n\ntwo small things. The school programme is booked by phone only, under 0351 4914 2000. And the audio guide is included in the ticket since spring.\n\nHave a nice weekend!\nClara`),
];

export const HELD_OUT_QUESTIONS: readonly FixtureQuestion[] = [
  ask('museum', 'How much money did the committee approve for the ticket shop?', '18,400 EUR'),
  ask('museum', 'What part is paid up front?', 'Sixty percent'),
  ask('museum', 'What do students pay?', '9 EUR'),
  ask('museum', 'Is there a discount for groups?', '2 EUR off'),
  ask('museum', 'How long are you open on Thursdays?', 'until 21'),
  ask('museum', 'When does Salt and Light end?', '24 January'),
  ask('museum', 'Who is the curator of the exhibition?', 'Ibrahim Sesay'),
  ask('museum', 'What does the catalogue cost members?', '28 EUR'),
  ask('museum', 'By when does a member have to cancel?', 'end of November'),
  ask('museum', 'In which languages are there guided tours?', 'Polish'),
  ask('museum', 'Which provider handles card payments?', 'Adyen'),
  ask('museum', 'Can visitors get a refund?', '24 hours before'),
  ask('museum', 'Whose signature is needed for large orders?', 'Helene Marchetti'),
  ask('museum', 'When will the new shop go live?', '14 September'),
  ask('museum', 'How many visitors must the shop cope with?', 'twice that'),
  ask('museum', 'When are visitor numbers due at the ministry?', 'tenth of the following month'),
  ask('museum', 'Under which number can schools book?', '0351 4914 2000'),
  ask('museum', 'Who runs the cafe?', 'Familie Brandl'),
];
