using System.Runtime.CompilerServices;
using MediaScore.TestMedia;

namespace MediaScore.EndToEnd.Tests;

internal static class TestHome
{
    /// <summary>Where the program finds plans and the catalog: the checkout, as the launcher at its root says.</summary>
    [ModuleInitializer]
    internal static void Set() => Environment.SetEnvironmentVariable("MEDIASCORE_HOME", SharedTestData.RepositoryRoot);
}
