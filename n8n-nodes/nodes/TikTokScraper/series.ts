/** What a series says about a timeframe that ends at its newest point. */
import type { IDataObject } from 'n8n-workflow';
import { numbersOf, rounded, textOf } from '../shared/values';

const LEVELS = ['followers', 'listeners', 'subscribers', 'likes'];
const SIMULATED = 4;
const TOTAL_STEPS_MIN = 28;
const TOTAL_STEP_MAX = 0.03;

export interface Figure {
	/** The newest level, or the amount within the timeframe. */
	value: number;
	/** Against the timeframe before, as a ratio less 1; null when that is not known. */
	growth: number | null;
	source: string;
	newestMs: number;
	simulated: boolean;
}

interface Point {
	atMs: number;
	value: number;
}

function growthOf(now: number, before: number | undefined): number | null {
	return before === undefined || before <= 0 ? null : rounded(now / before - 1);
}

/** The trend analyzer's rule: a flow that almost only rises, by little each day, is a running total. */
function isRunningTotal(points: Point[]): boolean {
	const steps = points
		.slice(1)
		.map(({ value }, i) => value / points[i].value - 1)
		.filter((step) => Number.isFinite(step))
		.sort((a, b) => a - b);
	const rises = steps.filter((step) => step > 0).length;
	const falls = steps.filter((step) => step < 0).length;
	return (
		steps.length >= TOTAL_STEPS_MIN &&
		rises >= 0.8 * steps.length &&
		falls <= 0.02 * steps.length &&
		steps[Math.floor(steps.length / 2)] < TOTAL_STEP_MAX
	);
}

function lastBefore(points: Point[], atMs: number): number | undefined {
	return points.filter((point) => point.atMs <= atMs).pop()?.value;
}

/** The figure of one series of the metric; undefined for a series without points. */
export function figureOf(series: IDataObject, windowMs: number): Figure | undefined {
	const times = numbersOf(series.observedAtMs);
	const points = numbersOf(series.values).map((value, i): Point => ({ atMs: times[i], value }));
	const newest = points[points.length - 1];
	if (!newest) return undefined;
	const startMs = newest.atMs - windowMs;
	const base = {
		source: textOf(series.source),
		newestMs: newest.atMs,
		simulated: numbersOf(series.pointFlags).some((flags) => (flags & SIMULATED) !== 0),
	};
	const earlier = lastBefore(points, startMs);
	if (LEVELS.includes(textOf(series.metric)))
		return { ...base, value: newest.value, growth: growthOf(newest.value, earlier) };
	if (isRunningTotal(points)) {
		const first = lastBefore(points, startMs - windowMs);
		const added = newest.value - (earlier ?? points[0].value);
		const addedBefore = earlier !== undefined && first !== undefined ? earlier - first : undefined;
		return { ...base, value: added, growth: growthOf(added, addedBefore) };
	}
	const within = points.filter((point) => point.atMs > startMs);
	const before = points.filter((point) => point.atMs <= startMs && point.atMs > startMs - windowMs);
	const sum = (some: Point[]) => some.reduce((total, point) => total + point.value, 0);
	/* Means, so that a missing day is no fall; half the days must be there. */
	const mean = (some: Point[]) => sum(some) / some.length;
	const comparable = before.length > 0 && 2 * before.length >= within.length ? mean(before) : undefined;
	return { ...base, value: sum(within), growth: growthOf(mean(within), comparable) };
}
