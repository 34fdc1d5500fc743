<?php

/**
 * The vendor's apps, in lower case, with their controllers. An installation may have more.
 */

declare(strict_types=1);

return [
    'base' => [
        'Department', 'Staff', 'StaffGroup', 'User', 'UserGroup', 'UserOrganization', 'UserSearch', 'CustomField',
        'CustomFieldGroup',
    ],
    'core' => ['Test', 'TestAPI'],
    'tickets' => [
        'Ticket', 'TicketAttachment', 'TicketCount', 'TicketCustomField', 'TicketNote', 'TicketPost', 'TicketPriority',
        'TicketSearch', 'TicketStatus', 'TicketTimeTrack', 'TicketType',
    ],
    'knowledgebase' => ['Article', 'Attachment', 'Category', 'Comment'],
    'news' => ['Category', 'Comment', 'NewsItem', 'Subscriber'],
    'troubleshooter' => ['Attachment', 'Category', 'Comment', 'Step'],
];
