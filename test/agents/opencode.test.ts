import { holdToContract } from './contract/hold-to-contract.js';

holdToContract('opencode');
