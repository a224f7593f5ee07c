# alkconv: loading alone (rows are counted), loading with the whole proof, and with several readers over the slow network.

migrate() { # SERVER VERIFY READERS
	pg bench_run -c "SELECT alkconv_migrate('$1', verify => '$2', readers => $3)"
}
tool_alkconv_load() { load alkconv_load migrate source counts NULL; }
tool_alkconv_proof() { load alkconv_proof migrate source full NULL; }
