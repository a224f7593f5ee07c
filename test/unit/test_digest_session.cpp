// Which variables of a session are asked for, and what is said of their values.
#include "core/digest_session.hpp"

#include <gtest/gtest.h>

using namespace alkconv::core;

namespace {

TextResult AnswerOf(std::vector<std::optional<std::string>> row) {
	TextResult answer;
	answer.columns.resize(row.size());
	answer.rows.push_back(std::move(row));
	return answer;
}

const std::vector<std::optional<std::string>> kMySql = {
	"+00:00", "",  "utf8mb4", "utf8mb4", "utf8mb4",			"utf8mb4_bin", "18446744073709551615",
	"0",	  "4", "1048576", "65536",	 "REPEATABLE-READ", "0",		   "1"};

} // namespace

TEST(SessionQuestions, AreAboutWhatTheServerHas) {
	const SessionQuestion mysql = MakeSessionQuestion(false, 80046);
	EXPECT_EQ(mysql.columns, 14u);
	EXPECT_EQ(mysql.sql.rfind("SELECT @@session.time_zone,@@session.sql_mode,@@session.character_set_client,", 0), 0u);
	EXPECT_NE(mysql.sql.find(",@@session.transaction_isolation,@@session.information_schema_stats_expiry,"),
			  std::string::npos);
	EXPECT_EQ(MakeSessionQuestion(false, 80020).sql.find("show_gipk"), std::string::npos);
	const SessionQuestion mariadb = MakeSessionQuestion(true, 101106);
	EXPECT_EQ(mariadb.columns, 14u);
	EXPECT_NE(mariadb.sql.find(",@@session.tx_isolation,@@session.system_versioning_asof,REGEXP_SUBSTR("),
			  std::string::npos);
	EXPECT_NE(MakeSessionQuestion(true, 110806).sql.find(",@@session.transaction_isolation,"), std::string::npos);
}

TEST(SessionQuestions, EachVariableThatIsOtherwiseIsNamed) {
	EXPECT_EQ(DescribeWrongSession(AnswerOf(kMySql), false, 80046), "");
	for (size_t i = 0; i < kMySql.size(); ++i) {
		auto row = kMySql;
		row[i] = "x";
		EXPECT_NE(
			DescribeWrongSession(AnswerOf(row), false, 80046).find(" is \"x\" and must be \"" + *kMySql[i] + "\""),
			std::string::npos);
	}
	auto row = kMySql;
	row[0] = "SYSTEM";
	row[4] = std::nullopt;
	EXPECT_EQ(DescribeWrongSession(AnswerOf(row), false, 80046),
			  "time_zone is \"SYSTEM\" and must be \"+00:00\"; character_set_results is NULL and must be \"utf8mb4\"");
}

TEST(SessionQuestions, AnAnswerThatEndsEarlyIsNone) {
	EXPECT_THROW(DescribeWrongSession(AnswerOf({"+00:00"}), false, 80046), Error);
}
