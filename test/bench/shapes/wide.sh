# 1 GB in rows of 3.4 kB that are nearly all JSON, as in Alkemio's table authorization_policy: the cost of each byte.

shape_wide_rows() { scaled 310000 "$1"; }

shape_wide_source() { # SOURCE ROWS
	fill "$@" <<-SQL
		CREATE TABLE wide (id char(36) NOT NULL PRIMARY KEY, created_date datetime(6) NOT NULL, updated_date datetime(6) NOT NULL,
			version int NOT NULL, credential_rules json NOT NULL, privilege_rules json NOT NULL, type varchar(128) NOT NULL,
			parent_id char(36) NULL);
		INSERT INTO wide SELECT id, TIMESTAMPADD(MICROSECOND, i * 7919, '2021-01-01 00:00:00'),
			TIMESTAMPADD(MICROSECOND, i * 104729, '2024-01-01 00:00:00'), i % 40 + 1,
			REPLACE('$(wide_credential_rules)', '@', id), REPLACE('$(wide_privilege_rules)', '@', i), ELT(i % 4 + 1, 'space', 'callout', 'post', 'document'),
			IF(i % 7 = 0, NULL, id)
		FROM n ORDER BY id;
	SQL
}

shape_wide_target() {
	echo 'CREATE TABLE wide (id uuid PRIMARY KEY, created_date timestamp(6) NOT NULL, updated_date timestamp(6) NOT NULL,
		version int NOT NULL, credential_rules json NOT NULL, privilege_rules json NOT NULL, type varchar(128) NOT NULL, parent_id uuid)'
}

# Documents of 1.9 kB and 1.4 kB; @ stands for what differs from row to row.
wide_credential_rules() {
	local rule rules=""
	for rule in 1 2 3 4 5 6 7 8; do
		rules+=", {\"name\": \"rule-$rule-credential\", \"cascade\": $([ $((rule % 2)) = 0 ] && echo true || echo false), "
		rules+='"criterias": [{"type": "space-member", "resourceID": "@"}, {"type": "global-admin", "resourceID": ""}], '
		rules+='"grantedPrivileges": ["create", "read", "update", "contribute"]}'
	done
	echo "[${rules#, }]"
}
wide_privilege_rules() {
	local rule rules="" privileges=(create read update delete grant create-post contribute file-upload file-delete platform-admin create)
	for rule in 0 1 2 3 4 5 6 7 8 9 10; do
		rules+=", {\"name\": \"policy-rule-$rule-@\", \"sourcePrivilege\": \"${privileges[rule]}\", "
		rules+='"grantedPrivileges": ["create", "delete", "contribute", "read"]}'
	done
	echo "[${rules#, }]"
}
