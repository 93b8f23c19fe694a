/** AssemblyScript entry: every export of these files is a kernel of the one SIMD module. See ../simd.ts. */
export * from './segment-sum';
