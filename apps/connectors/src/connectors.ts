/** The connectors: the one service that touches the outside. Mail comes in here and goes out here. */
import { join } from 'node:path';
import { defineService, type OpenPorts } from '@soloist/service';
import { ed25519AuthorizationVerifier } from './adapters/ed25519.authorization-verifier.js';
import { fileSecretVault } from './adapters/file.secret-vault.js';
import { relayEndpoint, sandboxEndpoint } from './adapters/outbound-endpoint.js';
import { readIncarnation } from './adapters/incarnation-file.js';
import { removeConnectorsRun, writeConnectorsRun } from './adapters/run-file.js';
import { ConnectorsConfig } from './connectors.config.js';
import { mailConnector } from './connectors/mail/mail.connector.js';
import { Maildir } from './connectors/mail/maildir.js';
import { maildirArrivals } from './connectors/mail/maildir.arrivals.js';
import { lookInSandbox, lookNowhere } from './connectors/mail/sandbox-look.js';
import { smtpPostOffice } from './connectors/mail/smtp.post-office.js';
import { armingEntity, effectEntity, intakeEntity, postingEntity } from './entities.js';
import { smtpOperatorMail } from './mailing/smtp.operator-mail.js';
import { testMail } from './mailing/test-mail.js';
import type { ConnectorsPorts } from './ports/connectors.ports.js';
import type { SecretVault } from './ports/secret-vault.port.js';
import { performAuthorizedEffect } from './reactors/perform-authorized-effect.js';
import { postWebhook } from './webhooks/post-webhook.js';
import { queueDigestMails } from './reactors/queue-digest-mails.js';
import { queueReminderMails } from './reactors/queue-reminder-mails.js';
import { queueWebhooks } from './reactors/queue-webhooks.js';
import { testWebhook } from './webhooks/test-webhook.js';
import { receiveMail } from './sources/receive-mail.js';
import { signedWebhooks } from './webhooks/signed.webhooks.js';

export const connectorsService = defineService<ConnectorsConfig, ConnectorsPorts>({
  name: 'connectors',
  config: ConnectorsConfig,
  entities: [effectEntity, armingEntity, intakeEntity, postingEntity],
  reactors: [performAuthorizedEffect, queueWebhooks, queueReminderMails, queueDigestMails],
  commands: [testWebhook, testMail],
  timers: [postWebhook],
  sources: [receiveMail],
  open: ({ config }) => openPorts(config),
});

/** Where a configuration keeps its connectors' secrets. */
export function connectorsVault(secretsFolder: string): SecretVault {
  return fileSecretVault({ vault: join(secretsFolder, 'connectors-vault.json'), key: join(secretsFolder, 'connectors-vault.key') });
}

export function mailboxRoot(dataFolder: string): string {
  return join(dataFolder, 'mailbox');
}

async function openPorts(config: ConnectorsConfig): Promise<OpenPorts<ConnectorsPorts>> {
  const maildir = await Maildir.open(mailboxRoot(config.dataFolder));
  const postOffice = smtpPostOffice({
    ...config.smtp,
    maildir,
    roomIn: [config.dataFolder, config.storeFolder],
    operatorAddress: config.operatorAddress,
    onOpen: ({ host, port }) => writeConnectorsRun(config.dataFolder, { smtpHost: host, smtpPort: port }),
  });
  const { outbound } = config;
  const from = config.operatorAddress;
  const endpoint = outbound === null ? sandboxEndpoint(postOffice) : relayEndpoint(outbound, connectorsVault(config.secretsFolder));
  const mail = mailConnector({ from, endpoint, look: outbound === null ? lookInSandbox(maildir) : lookNowhere });
  return {
    ports: {
      connectors: [mail],
      authorizations: ed25519AuthorizationVerifier(config.governancePublicKeyFile),
      arrivals: maildirArrivals(maildir),
      postOffice,
      stopwatch: () => performance.now(),
      operatorMail: smtpOperatorMail({ from, endpoint }),
      webhooks: signedWebhooks(connectorsVault(config.secretsFolder)),
      incarnation: await readIncarnation(config.keepFolder),
    },
    close: async () => {
      await postOffice.close();
      await removeConnectorsRun(config.dataFolder);
    },
  };
}
