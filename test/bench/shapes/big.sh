# Values of 2 MB, BIG_MB megabytes of them: memory must not grow with the table.

tools_big="alkconv_load alkconv_proof"
shape_big_rows() { scaled $((BIG_MB / 2)) "$1"; }

shape_big_source() { # SOURCE ROWS
	fill "$@" <<-'SQL'
		CREATE TABLE big (id int NOT NULL PRIMARY KEY, body longtext NOT NULL);
		INSERT INTO big SELECT i, CONCAT(i, REPEAT('lorem ipsum dolor ', 116508)) FROM n ORDER BY i;
	SQL
}

shape_big_target() { echo 'CREATE TABLE big (id int PRIMARY KEY, body text NOT NULL)'; }
