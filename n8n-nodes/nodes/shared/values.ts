/**
 * Reading ProtoJSON and parameters: int64 comes as text, money in minor units, absent means zero.
 */
import type { IDataObject } from 'n8n-workflow';
import { isObject } from './transport';

/** The number in a ProtoJSON field; absent is 0, as in proto3. */
export function numberOf(value: unknown): number {
	if (typeof value === 'number') return value;
	if (typeof value === 'string' && value.trim() !== '') return Number(value);
	return 0;
}

/** The number in an optional field; null when it is absent or no number. */
export function optionalNumber(value: unknown): number | null {
	if (value === undefined || value === null || value === '') return null;
	const number = Number(value);
	return Number.isFinite(number) ? number : null;
}

export function textOf(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

export function objectOf(value: unknown): IDataObject {
	return isObject(value) ? value : {};
}

export function listOf(value: unknown): IDataObject[] {
	return Array.isArray(value) ? value.filter(isObject) : [];
}

export function numbersOf(value: unknown): number[] {
	return Array.isArray(value) ? value.map(numberOf) : [];
}

/** "a, b" as ["a", "b"]. */
export function namesOf(value: unknown): string[] {
	return textOf(value)
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
}

/** "TREND_STAGE_BREAKING" as "breaking". */
export function plainEnum(value: unknown, prefix: string): string {
	return textOf(value).replace(prefix, '').toLowerCase().replace(/_/g, '-');
}

/** Rounded for people and for AI models; the daemon's full figures stay in the trace. */
export function rounded(value: number, digits = 4): number {
	const scale = 10 ** digits;
	return Math.round(value * scale) / scale;
}

const WITHOUT_MINOR = ['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'];
const THREE_DIGITS = ['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'];

function minorDigits(currency: string): number {
	if (WITHOUT_MINOR.includes(currency)) return 0;
	return THREE_DIGITS.includes(currency) ? 3 : 2;
}

/** 28.5 USD as "2850", as ProtoJSON wants an int64. */
export function toMinor(amount: number, currency: string): string {
	return String(Math.round(amount * 10 ** minorDigits(currency)));
}

/** "2850" as 28.5. */
export function fromMinor(minor: unknown, currency: string): number {
	return numberOf(minor) / 10 ** minorDigits(currency);
}

/** 6.5 % as "65000" parts per million. */
export function toPpm(percent: number): string {
	return String(Math.round(percent * 10_000));
}

/** "2027-01-08", that many days from now (UTC). */
export function dateIn(days: number): string {
	return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

export interface Artist {
	id: string;
	name: string;
}

/** The artist that an item carries: `entity`, `artistId`, or `artist`; undefined when there is none. */
export function artistOf(json: IDataObject): Artist | undefined {
	const entity = objectOf(json.entity);
	const artist = objectOf(json.artist);
	const name = textOf(json.artistName) || textOf(artist.name) || textOf(json.name);
	const isArtist = entity.kind === undefined || entity.kind === 'ENTITY_KIND_ARTIST';
	const id = textOf(json.artistId) || (isArtist ? textOf(entity.id) : '') || textOf(artist.id);
	return id === '' ? undefined : { id, name };
}

export function artistRef(id: string): IDataObject {
	return { kind: 'ENTITY_KIND_ARTIST', id };
}
