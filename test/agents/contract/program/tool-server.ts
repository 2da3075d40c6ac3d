import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { AgentTools } from '../../../../src/agents/harness.js';

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: { readonly protocolVersion?: string; readonly name?: string };
}

/** A server of the Model Context Protocol with one tool, for who has its token (modelcontextprotocol.io, streamable HTTP). */
export class ToolServer {
  readonly token = 'token-of-the-step-0123456789';
  readonly called: string[] = [];
  /** What came without the token. */
  readonly refused: string[] = [];
  readonly #server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.headers.authorization !== `Bearer ${this.token}`) {
        this.refused.push(`${request.method!} ${request.url!}`);
        return void response.writeHead(401).end();
      }
      if (request.method !== 'POST') return void response.writeHead(405).end();
      const message = JSON.parse(body) as Message;
      if (message.id === undefined) return void response.writeHead(202).end();
      const answer = { jsonrpc: '2.0', id: message.id, result: this.#answer(message) };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get tools(): AgentTools {
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/mcp`;
    return { url, token: this.token, clean: (body) => body, hasReported: () => Promise.resolve(false) };
  }

  #answer({ method, params }: Message): object {
    switch (method) {
      case 'initialize':
        return {
          protocolVersion: params!.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: 'tools', version: '1' },
        };
      case 'tools/list':
        return {
          tools: [
            { name: 'get_briefing', description: 'What is known.', inputSchema: { type: 'object', properties: {} } },
          ],
        };
      case 'tools/call':
        this.called.push(params!.name!);
        return { content: [{ type: 'text', text: 'All is well.' }] };
      default:
        return {};
    }
  }
}
