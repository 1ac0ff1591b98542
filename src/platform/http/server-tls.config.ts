import { text } from '../config/shapes.js';
import { configSection, variable } from '../config/variable.js';

/** What the service proves itself by to those that connect to it, such as the proxy in front. */
export class ServerTlsConfig extends configSection({
  certificateFile: variable('HTTP_TLS_CERTIFICATE_FILE', text, {
    fallback: '',
    doc: 'Certificate in PEM, its chain included, by which the service speaks HTTPS itself; read again at SIGHUP. Empty: plain HTTP, for a machine of its own or behind what guards the way.',
  }),
  keyFile: variable('HTTP_TLS_KEY_FILE', text, {
    fallback: '',
    doc: 'Private key of HTTP_TLS_CERTIFICATE_FILE in PEM.',
  }),
}) {}
