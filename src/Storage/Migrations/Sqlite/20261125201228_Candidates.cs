using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MediaScore.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Candidates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "CandidateTokenSha256",
                table: "interviews",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "ConsentPending",
                table: "interviews",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "Invited",
                table: "interviews",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "CandidateTokenSha256",
                table: "interviews");

            migrationBuilder.DropColumn(
                name: "ConsentPending",
                table: "interviews");

            migrationBuilder.DropColumn(
                name: "Invited",
                table: "interviews");
        }
    }
}
