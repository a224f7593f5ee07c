// Regime: C++ (may throw, never calls Postgres)
//
// What information_schema says of tables, asked anew for the audit of what a run has made of them: nothing of
// catalog.cpp is used.
#pragma once

#include "core/audit.hpp"
#include "mysql/connection.hpp"

#include <string>
#include <vector>

namespace alkconv::mysql {

// One query for each kind of property; `tables` are named where they are few. MariaDB hides the actions of foreign keys
// from accounts that may only SELECT: then SHOW CREATE TABLE says them.
core::AuditSourceSchema ReadAuditSource(Connection &connection, const std::string &database,
										const std::vector<std::string> &tables);

// Counts the rows of each partition.
void CountPartitions(Connection &connection, const std::string &database, core::AuditSource &table);

// The source's answers to what is asked of its CHECKs.
core::TextRows AskAboutCheck(Connection &connection, const std::string &sql);

} // namespace alkconv::mysql
