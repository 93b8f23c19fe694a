/** Training runs whose size, data and chip-hours were published, and the peak speeds of their chips. */

/** Dense BF16 (V100: FP16) peak, TFLOP/s, without sparsity. */
export interface Chip {
  readonly name: string;
  readonly peak: number;
  /** `vendor`: data sheet or the maker's paper. `secondary`: only second-hand sources were seen. */
  readonly evidence: 'vendor' | 'secondary';
}

export const CHIPS = {
  v100: { name: 'NVIDIA V100 SXM（FP16）', peak: 125, evidence: 'vendor' },
  a100: { name: 'NVIDIA A100', peak: 312, evidence: 'vendor' },
  a800: { name: 'NVIDIA A800', peak: 312, evidence: 'secondary' },
  h100: { name: 'NVIDIA H100 SXM', peak: 989, evidence: 'vendor' },
  'h100-pcie': { name: 'NVIDIA H100 PCIe', peak: 756, evidence: 'vendor' },
  h200: { name: 'NVIDIA H200', peak: 989, evidence: 'vendor' },
  h800: { name: 'NVIDIA H800 SXM', peak: 989, evidence: 'secondary' },
  'h800-pcie': { name: 'NVIDIA H800 PCIe', peak: 756, evidence: 'secondary' },
  h20: { name: 'NVIDIA H20', peak: 148, evidence: 'secondary' },
  'tpu-v3': { name: 'Google TPU v3', peak: 123, evidence: 'vendor' },
  'tpu-v4': { name: 'Google TPU v4', peak: 275, evidence: 'vendor' },
} as const satisfies Readonly<Record<string, Chip>>;
export type ChipId = keyof typeof CHIPS;

export interface PublishedRun {
  readonly model: string;
  /** Parameters that act on each token. */
  readonly parameters: number;
  readonly tokens: number;
  readonly chip: ChipId;
  readonly chipHours: number;
  /** How many chips, where published; the most at one time where it varied. */
  readonly chips?: number;
  /** Keys of `content/references.bib`. */
  readonly sources: readonly string[];
  /** What to know before comparing, in Chinese. */
  readonly remark?: string;
}

const LLAMA2 = ['repo-llama2'];
const LLAMA = ['touvron2023llama'];

export const PUBLISHED_RUNS: readonly PublishedRun[] = [
  {
    model: 'GPT-3',
    parameters: 175e9,
    tokens: 300e9,
    chip: 'v100',
    chipHours: 3_552_000,
    chips: 10_000,
    sources: ['patterson2021carbon', 'brown2020language'],
    remark: '芯片数是 Patterson 等人的假设，时间 14.8 天',
  },
  {
    model: 'LLaMA-7B',
    parameters: 6.7e9,
    tokens: 1e12,
    chip: 'a100',
    chipHours: 82_432,
    sources: LLAMA,
  },
  {
    model: 'LLaMA-13B',
    parameters: 13e9,
    tokens: 1e12,
    chip: 'a100',
    chipHours: 135_168,
    sources: LLAMA,
  },
  {
    model: 'LLaMA-33B',
    parameters: 32.5e9,
    tokens: 1.4e12,
    chip: 'a100',
    chipHours: 530_432,
    sources: LLAMA,
  },
  {
    model: 'LLaMA-65B',
    parameters: 65.2e9,
    tokens: 1.4e12,
    chip: 'a100',
    chipHours: 1_022_362,
    chips: 2048,
    sources: LLAMA,
  },
  {
    model: 'Llama 2 7B',
    parameters: 6.738e9,
    tokens: 2e12,
    chip: 'a100',
    chipHours: 184_320,
    sources: LLAMA2,
  },
  {
    model: 'Llama 2 13B',
    parameters: 13.016e9,
    tokens: 2e12,
    chip: 'a100',
    chipHours: 368_640,
    sources: LLAMA2,
  },
  {
    model: 'Llama 2 34B',
    parameters: 34e9,
    tokens: 2e12,
    chip: 'a100',
    chipHours: 1_038_336,
    sources: ['touvron2023llama2'],
    remark: '没有发布',
  },
  {
    model: 'Llama 2 70B',
    parameters: 68.977e9,
    tokens: 2e12,
    chip: 'a100',
    chipHours: 1_720_320,
    sources: LLAMA2,
  },
  {
    model: 'Llama 3 8B',
    parameters: 8.03e9,
    tokens: 15e12,
    chip: 'h100',
    chipHours: 1_300_000,
    sources: ['repo-llamamodels'],
    remark: '词元数写作“15 万亿以上”，利用率是下限',
  },
  {
    model: 'Llama 3 70B',
    parameters: 70.6e9,
    tokens: 15e12,
    chip: 'h100',
    chipHours: 6_400_000,
    sources: ['repo-llamamodels'],
    remark: '词元数写作“15 万亿以上”，利用率是下限',
  },
  {
    model: 'Llama 3.1 405B',
    parameters: 405.9e9,
    tokens: 15.6e12,
    chip: 'h100',
    chipHours: 30_840_000,
    chips: 16_384,
    sources: ['grattafiori2024llama3'],
    remark: '论文报告稳定运行时 38–43 %，小时数还含别的',
  },
  {
    model: 'Falcon-40B',
    parameters: 40e9,
    tokens: 1e12,
    chip: 'a100',
    chipHours: 552_960,
    chips: 384,
    sources: ['almazrouei2023falcon'],
    remark: '约 60 天，取整',
  },
  {
    model: 'Falcon-180B',
    parameters: 179.522e9,
    tokens: 3.5e12,
    chip: 'a100',
    chipHours: 7_000_000,
    chips: 4096,
    sources: ['almazrouei2023falcon'],
  },
  {
    model: 'BLOOM-176B',
    parameters: 176.247e9,
    tokens: 366e9,
    chip: 'a100',
    chipHours: 1_082_990,
    chips: 384,
    sources: ['luccioni2023bloom', 'scao2022bloom'],
    remark: '常被引用的 150 TFLOP/s 含重算',
  },
  {
    model: 'GLM-130B',
    parameters: 130e9,
    tokens: 400e9,
    chip: 'a100',
    chipHours: 1_105_920,
    chips: 768,
    sources: ['zeng2023glm130b', 'repo-glm130b'],
    remark: '按日历 60 天算，利用率是下限；论文报告 32.5 %',
  },
  {
    model: 'OPT-175B',
    parameters: 175e9,
    tokens: 300e9,
    chip: 'a100',
    chipHours: 809_472,
    chips: 1024,
    sources: ['repo-metaseq'],
    remark: '约 33 天；报告的 147 TFLOP/s 含重算',
  },
  {
    model: 'PaLM-540B',
    parameters: 540.35e9,
    tokens: 780e9,
    chip: 'tpu-v4',
    chipHours: 8_404_992,
    chips: 6144,
    sources: ['chowdhery2023palm'],
    remark: '论文报告稳定运行时 46.2 %',
  },
  {
    model: 'Gopher 280B',
    parameters: 280e9,
    tokens: 300e9,
    chip: 'tpu-v3',
    chipHours: 3_768_320,
    chips: 4096,
    sources: ['rae2021gopher'],
    remark: '论文报告 32.5 %',
  },
  {
    model: 'MPT-7B',
    parameters: 6.7e9,
    tokens: 1e12,
    chip: 'a100',
    chipHours: 100_320,
    chips: 440,
    sources: ['repo-llmfoundry'],
    remark: '9.5 天，自报约 20 万美元',
  },
  {
    model: 'StarCoderBase',
    parameters: 15.5e9,
    tokens: 1e12,
    chip: 'a100',
    chipHours: 320_256,
    chips: 512,
    sources: ['li2023starcoder'],
  },
  {
    model: 'BloombergGPT',
    parameters: 50.6e9,
    tokens: 569e9,
    chip: 'a100',
    chipHours: 651_264,
    chips: 512,
    sources: ['wu2023bloomberggpt'],
    remark: '论文的 102 TFLOP/s 是硬件速度',
  },
  {
    model: 'Pythia-12B',
    parameters: 11.842e9,
    tokens: 299.9e9,
    chip: 'a100',
    chipHours: 72_300,
    chips: 256,
    sources: ['biderman2023pythia'],
  },
  {
    model: 'DeepSeek-V3',
    parameters: 37e9,
    tokens: 14.8e12,
    chip: 'h800',
    chipHours: 2_664_000,
    chips: 2048,
    sources: ['deepseek2024v3', 'repo-deepseekv3'],
    remark: '只算预训练；用 FP8 训练，对 FP8 峰值利用率减半',
  },
];

/** Training compute by the 6ND rule, floating-point operations. Leaves out the attention products. */
export function trainingFlops(parameters: number, tokens: number): number {
  return 6 * parameters * tokens;
}

/** Speed that each chip kept over the whole run, TFLOP/s. */
export function achievedTflops(run: PublishedRun): number {
  return trainingFlops(run.parameters, run.tokens) / (run.chipHours * 3600) / 1e12;
}

/** Model FLOP utilisation of the whole run, 0 … 1. */
export function modelFlopUtilisation(run: PublishedRun): number {
  return achievedTflops(run) / CHIPS[run.chip].peak;
}
