// Regime: C++ (may throw, never calls Postgres)
//
// What stands in messages for values that are not to be shown.
#include "core/secret.hpp"

#include "core/batch.hpp"
#include "core/sha256.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {
namespace {

TEST(Sha256, KnownAnswers) {
	EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	EXPECT_EQ(Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
			  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	EXPECT_EQ(Sha256Hex(std::string(1000000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	for (size_t size = 50; size < 70; size++) // around the end of a block
		EXPECT_EQ(Sha256Hex(std::string(size, 'x')).size(), 64u);
}

TEST(Secret, OneHashInThreePlaces) {
	EXPECT_EQ(MaskedValue("00", "abc"), "secret:" + Sha256Hex("00abc").substr(0, 12));
	EXPECT_NE(MaskedValue("00", "abc"), MaskedValue("01", "abc"));
	EXPECT_EQ(MysqlMask("00", "`c`"), "CONCAT('secret:',LEFT(SHA2(CONCAT('00',`c`),256),12))");
	EXPECT_EQ(PostgresMask("00", "c").substr(0, 30), "('secret:'||pg_catalog.left(pg");
}

RowConverter SecretConverter(bool secret_key) {
	ConverterColumn id, token;
	id.source_name = id.target_name = "id";
	token.source_name = token.target_name = "token";
	id.source = token.source = ParseSourceType("varchar(20)", "utf8mb4", "utf8mb4_bin");
	id.target.kind = PgKind::text;
	id.target.text = "text";
	token.target.kind = PgKind::uuid;
	token.target.text = "uuid";
	id.conversion = ChooseConversion(id.source, id.target, ColumnPolicy());
	token.conversion = ChooseConversion(token.source, token.target, ColumnPolicy());
	token.secret = "5a17";
	if (secret_key)
		id.secret = "5a17";
	return RowConverter("sessions", {id, token}, {0});
}

RowBatch OneRow(const char *id, const char *token) {
	RowBatch batch;
	batch.columns = 2;
	batch.rows = 1;
	for (const char *text : {id, token}) {
		Cell cell{};
		cell.kind = CellKind::bytes;
		cell.bytes.data = text;
		cell.bytes.size = std::string_view(text).size();
		batch.cells.push_back(cell);
	}
	return batch;
}

std::string AllOf(const Error &error) { return error.message() + error.detail() + error.hint(); }

TEST(Secret, FaultsKeysAndRejectsShowHashes) {
	for (const bool secret_key : {false, true}) {
		RowConverter converter = SecretConverter(secret_key);
		RowBatch batch = OneRow("key-of-it", "hunter2");
		converter.Convert(batch);
		ASSERT_TRUE(batch.fault.has_value());
		const std::string text = AllOf(*batch.fault);
		EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
		EXPECT_NE(text.find(MaskedValue("5a17", "hunter2")), std::string::npos) << text;
		EXPECT_EQ(text.find("key-of-it") == std::string::npos, secret_key) << text;
	}
	RowConverter converter = SecretConverter(false);
	converter.RejectRows();
	RowBatch batch = OneRow("key-of-it", "hunter2");
	converter.Convert(batch);
	ASSERT_EQ(batch.rejected.size(), 1u);
	EXPECT_EQ(batch.rejected[0].value, MaskedValue("5a17", "hunter2"));
	EXPECT_EQ(AllOf(batch.rejected[0].fault).find("hunter2"), std::string::npos);
}

} // namespace
} // namespace alkconv::core
