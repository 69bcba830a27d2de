import type {
	IAuthenticate,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

export class PromoterOsApi implements ICredentialType {
	name = 'promoterOsApi';

	displayName = 'PromoterOS API';

	documentationUrl = 'https://promoteros.dev/n8n#credentials';

	icon: Icon = {
		light: 'file:../icons/promoteros.svg',
		dark: 'file:../icons/promoteros.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'http://127.0.0.1:8080',
			placeholder: 'https://promoteros.example.com',
			required: true,
			description:
				'Where promoterosd serves its web door. In a container, 127.0.0.1 is the container itself: use the name of the host.',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Not needed when promoterosd listens on this machine only and has no keys',
		},
	];

	// A function, not an expression: n8n cannot evaluate expressions once a workflow is active.
	authenticate: IAuthenticate = async (credentials, requestOptions) => {
		const apiKey = typeof credentials.apiKey === 'string' ? credentials.apiKey.trim() : '';
		if (apiKey === '') return requestOptions;
		return {
			...requestOptions,
			headers: { ...requestOptions.headers, Authorization: `Bearer ${apiKey}` },
		};
	};

	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/v1/whoami' },
	};
}
