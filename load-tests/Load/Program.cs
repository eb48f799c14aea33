await Console.Error.WriteLineAsync("load-tests/Load");
return 0;
