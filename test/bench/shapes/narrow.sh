# Two million rows of 130 bytes in short columns: the cost of each row and of each value.

shape_narrow_rows() { scaled 2000000 "$1"; }

shape_narrow_source() { # SOURCE ROWS
	fill "$@" <<-'SQL'
		CREATE TABLE narrow (id char(36) NOT NULL PRIMARY KEY, number int NOT NULL, parent int NULL, big bigint NOT NULL,
			name varchar(80) NOT NULL, created datetime(6) NOT NULL, amount decimal(12,2) NOT NULL, active tinyint(1) NOT NULL);
		INSERT INTO narrow SELECT id, i, IF(i % 7 = 0, NULL, i DIV 2), i * 1000003 + 5000000000000, CONCAT('name of the row ', i),
			TIMESTAMPADD(MICROSECOND, i * 7919, '2024-01-01 00:00:00'), (i * 7919 % 100000000) / 100, i % 2
		FROM n ORDER BY id;
	SQL
}

shape_narrow_target() {
	echo 'CREATE TABLE narrow (id uuid PRIMARY KEY, number int NOT NULL, parent int, big bigint NOT NULL,
		name varchar(80) NOT NULL, created timestamp(6) NOT NULL, amount numeric(12,2) NOT NULL, active boolean NOT NULL)'
}
