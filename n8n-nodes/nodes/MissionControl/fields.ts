import type { INodeProperties } from 'n8n-workflow';

export const fields: INodeProperties[] = [
	{
		displayName: 'Channel',
		name: 'channel',
		type: 'string',
		default: 'booking-alerts',
		required: true,
		description: 'Up to 63 lower-case letters, digits and "-"; whoever follows the channel sees the message',
	},
	{
		displayName: 'Priority',
		name: 'priority',
		type: 'options',
		options: [
			{ name: 'High', value: 'high', description: 'To be read now' },
			{ name: 'Normal', value: 'normal', description: 'To be read when there is time' },
		],
		default: 'normal',
		description: 'How urgent the message is',
	},
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		default: '',
		placeholder: 'Feral Republic may break out',
		description: 'One line; needed when there is no message',
	},
	{
		displayName: 'Message',
		name: 'message',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description: 'Text or Markdown; with the payload at most 8192 bytes',
	},
	{
		displayName: 'Payload',
		name: 'payload',
		type: 'options',
		options: [
			{ name: 'JSON', value: 'json', description: 'Data of your own' },
			{ name: 'None', value: 'none', description: 'The message alone' },
			{ name: 'The Input Item', value: 'item', description: 'All fields of the item' },
		],
		default: 'none',
		description: 'Data to send with the message',
	},
	{
		displayName: 'Payload JSON',
		name: 'payloadJson',
		type: 'json',
		default: '{}',
		description: 'Data for programs that follow the channel',
		displayOptions: { show: { payload: ['json'] } },
	},
	{
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		default: '',
		placeholder: 'artist/ar_01JD8Z5Y3M',
		description: 'What the message is about; empty means the artist of the item, if it carries one',
	},
];
