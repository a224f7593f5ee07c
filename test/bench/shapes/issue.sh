# One million rows of seven common types, 150 MB: short rows with a small document.

shape_issue_rows() { scaled 1000000 "$1"; }

shape_issue_source() { # SOURCE ROWS
	fill "$@" <<-'SQL'
		CREATE TABLE issue (id char(36) NOT NULL PRIMARY KEY, n int NOT NULL, big bigint NOT NULL, name varchar(100) NOT NULL,
			created datetime(6) NOT NULL, doc json NOT NULL, active tinyint(1) NOT NULL);
		INSERT INTO issue SELECT id, i, i * 1000003, CONCAT('name of row ', i),
			TIMESTAMPADD(MICROSECOND, i * 7919, '2024-01-01 00:00:00'), CONCAT('{"row": ', i, ', "tags": ["a", "b"], "ok": true}'), i % 2
		FROM n ORDER BY id;
	SQL
}

shape_issue_target() {
	echo 'CREATE TABLE issue (id uuid PRIMARY KEY, n int NOT NULL, big bigint NOT NULL, name varchar(100) NOT NULL,
		created timestamp(6) NOT NULL, doc jsonb NOT NULL, active boolean NOT NULL)'
}
