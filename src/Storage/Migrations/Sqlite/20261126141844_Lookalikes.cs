using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MediaScore.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Lookalikes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "lookalikes",
                columns: table => new
                {
                    PersonId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OtherId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Similarity = table.Column<double>(type: "REAL", nullable: false),
                    Source = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    SaidAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_lookalikes", x => new { x.PersonId, x.OtherId });
                    table.ForeignKey(
                        name: "FK_lookalikes_people_OtherId",
                        column: x => x.OtherId,
                        principalTable: "people",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_lookalikes_people_PersonId",
                        column: x => x.PersonId,
                        principalTable: "people",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_lookalikes_OtherId",
                table: "lookalikes",
                column: "OtherId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "lookalikes");
        }
    }
}
